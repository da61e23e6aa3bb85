from django.urls import path

from okat.city.partners.views import away, invitations, leaving, members, public, sharing, team

app_name = "partners"
urlpatterns = [
    path("", public.network, name="network"),
    path("mine/", sharing.home, name="settings"),
    path("mine/about/", sharing.about, name="about"),
    path("mine/members/", members.listing, name="members"),
    path("mine/members/invite/", members.invite, name="invite"),
    path("mine/members/<int:pk>/areas/", members.areas, name="member-areas"),
    path("mine/members/<int:pk>/reset/", members.reset, name="member-reset"),
    path("mine/away/", away.mine, name="away"),
    path("mine/members/<int:pk>/away/", away.member, name="member-away"),
    path("mine/members/<int:pk>/end/", members.end, name="member-end"),
    path("mine/invitations/<int:pk>/again/", members.again, name="invitation-again"),
    path("mine/invitations/<int:pk>/recall/", members.recall, name="invitation-recall"),
    path("invitation/<str:token>/", invitations.open_link, name="invitation"),
    path("invitation/<str:token>/answer/", invitations.answer, name="invitation-answer"),
    path("mine/venues/new/", sharing.venue, name="venue-new"),
    path("mine/venues/<int:pk>/", sharing.venue, name="venue"),
    path("mine/sharing/new/", sharing.contribution, name="contribution-new"),
    path("mine/sharing/<int:pk>/", sharing.contribution, name="contribution"),
    path("mine/sharing/<int:pk>/use/", sharing.use, name="use"),
    path("choose/", members.choose, name="choose"),
    path("join/", team.join, name="join"),
    path("memoranda/new/", team.memorandum, name="memorandum-new"),
    path("<slug:code>/leave/", leaving.leave, name="leave"),
    path("<slug:code>/settle/", leaving.settle, name="settle"),
    path("<slug:code>/rename/", leaving.rename, name="rename"),
    path("<slug:code>/manager/", leaving.name_manager, name="name-manager"),
    path("<slug:code>/", public.partner, name="partner"),
]
