"""Attribution: whose a record is that names no tenant, found from what else it says. Pure; no file is read here.

``names`` finds customers' names in words, ``domains`` their hosts, ``telephones`` their numbers; ``resolve`` weighs
what they find. Whatever is ambiguous is left to a person.
"""
