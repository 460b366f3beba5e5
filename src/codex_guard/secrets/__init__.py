"""The scanning core: rules, candidate search, confirmation and masking. Pure: no files, no clock."""
