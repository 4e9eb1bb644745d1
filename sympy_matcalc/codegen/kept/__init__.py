"""Generated code that is kept on disk: `lambdify(..., cache="directory")`.

key      the text that what is asked for has, in every process; none where a user's code has a part in the answer
kept     the function of what is kept, or made and kept then
folder   the directory and its files: who may write there, what is intact
"""
