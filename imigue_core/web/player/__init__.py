"""The annotation player: ES modules for the browser, and the Streamlit component that mounts them.

``assets`` says which files the browser may load and under which version; ``mount``
puts the player on a page and is the only module here that knows Streamlit.
"""
