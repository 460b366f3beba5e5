"""Judgement: one event in, everything it leads to out. Where secrets, commands and writes meet policy."""
