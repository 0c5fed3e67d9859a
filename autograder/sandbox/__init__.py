"""The process side of the trust line: a warmed parent (the zygote) and one locked fork of it per check."""
