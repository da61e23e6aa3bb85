"""Reading about work: employers and what is asked of partners; ways into work."""
