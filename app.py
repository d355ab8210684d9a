"""The studio as one ASGI application: pages, JSON API and media from one process.

Start it with ``make run`` (uvicorn) or with ``streamlit run app.py``.
"""

import streamlit as st
from streamlit import config

from imigue_core.files import keep_private
from imigue_core.settings import load_settings
from imigue_core.web.server import Server

keep_private()
server = Server(load_settings())
if server.settings.allowed_hosts:
    config.set_option("server.allowedHosts", server.list_host_names())
app = st.App(
    "pages/_navigation.py",
    routes=server.list_routes(),
    middleware=server.list_middleware(),
    lifespan=server.run,
)
