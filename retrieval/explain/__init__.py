"""Says why an item was found: the regions of its picture, or the sentences and words of its text.

Everything here asks an encoder what changes when a part is taken away, and works against any unit
vector: of words, of a picture or of several terms together.
"""
