"""What an organisation, a user and a repository decided: layers of TOML, merged and validated."""
