"""Where the modules under test lie."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = os.path.join(HERE, "../usr/local/lib/lumbung")
# In an image both lie in one folder.
GUARD = os.path.abspath(os.path.join(HERE, "../../guard/usr/local/lib/lumbung"))
for folder in (os.path.abspath(LIBRARY), GUARD):
    sys.path.insert(0, folder)
