"""Stop's validators: which apply, running them, and what their failures are."""
