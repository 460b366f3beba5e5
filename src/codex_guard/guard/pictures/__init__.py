"""What stands as text in pictures: comments, EXIF, XMP, IPTC, and whatever follows a picture's end.

Events carry pictures as base64, which says nothing as text. Each module knows one format, reads what is
broken as far as it goes, and never raises; ``found`` keeps how much is looked at within bounds.
"""
