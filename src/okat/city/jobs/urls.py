from django.urls import path

from okat.city.jobs.views import asks, concessions, employer, hires, quota, seeking, talks, work, youth

app_name = "jobs"
urlpatterns = [
    path("", quota.home, name="home"),
    path("quota/", quota.calculator, name="quota"),
    path("quota/city/", quota.public_sector, name="public-sector"),
    path("employer/", employer.home, name="employer"),
    path("employer/count/", employer.headcount, name="headcount"),
    path("employer/candidates/", employer.candidates, name="candidates"),
    path("employer/given/", concessions.new, name="give"),
    path("employer/given/<int:pk>/", concessions.change, name="given"),
    path("concessions/", concessions.listing, name="concessions"),
    path("find/", seeking.find, name="find"),
    path("mine/", seeking.mine, name="mine"),
    path("of/<uuid:pk>/", seeking.of_person, name="of-person"),
    path("skill/<slug:code>/", seeking.skill, name="skill"),
    path("hires/", hires.listing, name="hires"),
    path("hires/<uuid:pk>/", hires.agree, name="hire"),
    path("lasting/", hires.lasting, name="lasting"),
    path("slots/", talks.slots, name="slots"),
    path("slots/<int:pk>/close/", talks.close, name="slot-close"),
    path("youth/", youth.centre, name="youth"),
    path("youth/talk/", youth.talk, name="talk"),
    path("youth/<slug:code>/", youth.path, name="path"),
    path("work/", work.listing, name="works"),
    path("work/skills/", work.skill_list, name="skills"),
    path("work/<uuid:pk>/", work.describe, name="work"),
    path("asks/", asks.listing, name="asks"),
    path("asks/<int:pk>/", asks.answer, name="answer"),
]
