"""The customer's pages: consent, signature, progress, a fault to report; no login, one job behind a link (C-4.3.3, C-4.5.5, C-4.5.1)."""
