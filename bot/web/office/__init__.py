"""The office: pages for admin, manager and supervisor, entered by a link from the chat; every write goes through the desk (A-1.3)."""
