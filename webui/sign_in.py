"""Signing in from a browser, where a token is demanded: a form that trades it for a cookie.

The cookie is not readable by scripts and is sent to no other site's requests.
"""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webui.security import COOKIE, TOKEN

blueprint = Blueprint("sign_in", __name__)

DAYS_30 = 30 * 24 * 3600


@blueprint.get("/sign-in")
def page() -> ResponseReturnValue:
    """Ask for the token, if this server demands one."""
    if current_app.config[TOKEN] is None:
        return redirect("/")
    return render_template("sign_in.html", wrong=False)


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Leave the cookie where the token is right; ask again where it is not."""
    token = current_app.config[TOKEN]
    if token is None:
        return redirect("/", 303)
    if not token.is_sent_as(request.form.get("token", "").strip()):
        return render_template("sign_in.html", wrong=True), 401
    response = redirect("/", 303)
    response.set_cookie(
        COOKIE,
        token.cookie,
        max_age=DAYS_30,
        httponly=True,
        secure=request.is_secure,
        samesite="Strict",
    )
    return response
