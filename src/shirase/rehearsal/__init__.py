"""Rehearsal: a synthetic incident, whole and the same every time, with an answer key written from what was planted.

Nothing here reads what the program computes: whoever plants a line knows its truth (``truth``) and writes it down.
The people and customers of the story stand in ``people`` and ``customers``; ``routine`` is the daily work of a support
desk; ``traps``, ``odd_values``, ``repeats`` and ``broken`` are what a reader can stumble over; ``evidence_files``,
``case_files`` and ``answer_key`` write the folder; ``generate`` and ``hard_cases`` put it together.
"""
