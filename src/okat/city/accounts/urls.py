from django.urls import path

from okat.city.accounts.views import account, addresses, line, passwords, second_factor, sign_in

app_name = "accounts"
urlpatterns = [
    path("", account.account, name="account"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("sign-out-everywhere/", account.end_sessions, name="end-sessions"),
    path("address/<slug:channel>/", addresses.give, name="address"),
    path("address/<slug:channel>/again/", addresses.send_again, name="address-again"),
    path("address/<slug:channel>/drop/", addresses.drop, name="address-drop"),
    path("confirm/<str:token>/", addresses.confirm, name="confirm"),
    path("line/", line.join, name="line"),
    path("line/webhook/", line.webhook, name="line-webhook"),
    path("code/", addresses.code, name="code"),
    path("password/", passwords.password, name="password"),
    path("forgotten/", passwords.forgotten, name="forgotten"),
    path("forgotten/sent/", passwords.forgotten_sent, name="forgotten-sent"),
    path("reset/<str:uid>/<str:token>/", passwords.reset, name="reset"),
    path("second-factor/", second_factor.second_factor, name="second-factor"),
    path("second-factor/set-up/", second_factor.set_up, name="second-factor-set-up"),
    path("second-factor/recovery-codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("second-factor/drop/", second_factor.drop, name="second-factor-drop"),
]
