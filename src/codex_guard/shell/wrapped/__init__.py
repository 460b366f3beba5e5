"""Programs that start the command behind their options, and those that do in ways of their own.

Nothing of it is imported until such a program turns up.
"""
