from django.urls import path

from okat.city.jobs.views import asks, employer, quota, work, youth

app_name = "jobs"
urlpatterns = [
    path("", quota.home, name="home"),
    path("quota/", quota.calculator, name="quota"),
    path("quota/city/", quota.public_sector, name="public-sector"),
    path("employer/", employer.home, name="employer"),
    path("employer/count/", employer.headcount, name="headcount"),
    path("employer/candidates/", employer.candidates, name="candidates"),
    path("youth/", youth.centre, name="youth"),
    path("youth/talk/", youth.talk, name="talk"),
    path("youth/<slug:code>/", youth.path, name="path"),
    path("work/", work.listing, name="works"),
    path("work/skills/", work.skill_list, name="skills"),
    path("work/<uuid:pk>/", work.describe, name="work"),
    path("asks/", asks.listing, name="asks"),
    path("asks/<int:pk>/", asks.answer, name="answer"),
]
