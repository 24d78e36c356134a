"""How the built-in encoder is trained; nothing here is needed to run Triptych."""
