"""What adapters know as data: names, codes, signatures, fields that may pass. One TOML file for each adapter."""
