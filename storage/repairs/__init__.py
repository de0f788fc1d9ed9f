"""Repairs as they are kept: the register, places, rota, prices, links for the customer, things in hands (part C of the rule book)."""
