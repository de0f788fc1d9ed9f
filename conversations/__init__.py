"""Forms and talk: what is asked, understood and answered; no clock, no database."""
