"""What people see: the command line, and the pages. Knows the Desk protocol of core, nothing of agents or graph."""
