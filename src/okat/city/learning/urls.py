from django.urls import path

from okat.city.learning.views import assessing, completing, mine, paper, passport, progress, proof, room, teach

app_name = "learning"
urlpatterns = [
    path("", teach.courses, name="courses"),
    path("verify/", proof.verify, name="verify"),
    path("did.json", proof.did, name="did"),
    path("status/<int:number>/", proof.status, name="status"),
    path("mine/", mine.passport, name="mine"),
    path("mine/passport.json", passport.presentation, name="presentation"),
    path("mine/share/", passport.share, name="share"),
    path("mine/share/<uuid:pk>/", passport.withdraw, name="withdraw-link"),
    path("mine/courses/<uuid:pk>/", progress.course, name="progress"),
    path("passport/<str:token>/", passport.shown, name="passport"),
    path("mine/<uuid:pk>/", mine.certificate, name="own"),
    path("mine/<uuid:pk>/certificate.json", mine.file, name="file"),
    path("mine/<uuid:pk>/certificate.pdf", paper.certificate, name="paper"),
    path("here/<str:code>/", room.here, name="here"),
    path("sessions/<int:pk>/", room.session, name="session"),
    path("sessions/<int:pk>/room/", room.picture, name="room"),
    path("sessions/<int:pk>/move/", room.move, name="move"),
    path("sessions/<int:pk>/call-off/", room.call_off, name="call-off"),
    path("certificates/<uuid:pk>/", teach.revoke, name="revoke"),
    path("<uuid:pk>/", teach.course, name="course"),
    path("<uuid:pk>/rule/", completing.rule, name="rule"),
    path("learners/<uuid:pk>/", assessing.learner, name="learner"),
    path("learners/<uuid:pk>/<slug:code>/<slug:moment>/", assessing.assess, name="assess"),
    path("<uuid:pk>/issue/", teach.issue, name="issue"),
]
