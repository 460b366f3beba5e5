"""A rule pack of an organisation's own, as its tests need one."""

ACME = """[[rule]]
id = "acme-deploy"
provider = "acme"
title = "Acme deploy token"
severity = "high"
opens = "Deployments."
revoke = "https://acme.test/"
source = "https://acme.test/"
keywords = ["acmd_"]
regex = '''acmd_[0-9a-z]{24}'''
hit = ["acmd_{lower:24}"]
miss = ["acmd_{lower:12}"]
"""
