from django.urls import path

from okat.city.catalogue.views import fits, manage, public, rule, sharing, wisdom

app_name = "catalogue"
urlpatterns = [
    path("", public.listing, name="search"),
    path("points.geojson", public.points, name="points"),
    path("feed.atom", public.feed, name="feed"),
    path("calendar/", public.calendar, name="calendar"),
    path("kinds/", public.doors, name="kinds"),
    path("wisdom/", wisdom.listing, name="wisdom"),
    path("wisdom/manage/", wisdom.holders, name="holders"),
    path("wisdom/manage/new/", wisdom.new, name="holder-new"),
    path("wisdom/manage/<uuid:pk>/", wisdom.edit, name="holder"),
    path("wisdom/manage/<uuid:pk>/name/", wisdom.name, name="holder-name"),
    path("wisdom/manage/<uuid:pk>/hide/", wisdom.hide, name="holder-hide"),
    path("manage/", manage.listing, name="manage"),
    path("wanted/", sharing.wanted, name="wanted"),
    path("pledges/<int:pk>/answer/", sharing.answer, name="pledge-answer"),
    path("pledges/<int:pk>/used/", sharing.use, name="pledge-use"),
    path("pledges/<int:pk>/back/", sharing.back, name="pledge-back"),
    path("manage/new/", manage.new, name="new"),
    path("manage/<uuid:pk>/", manage.edit, name="edit"),
    path("manage/<uuid:pk>/sharing/", sharing.page, name="sharing"),
    path("manage/<uuid:pk>/rule/", rule.page, name="rule"),
    path("manage/<uuid:pk>/publish/", manage.publish, name="publish"),
    path("manage/<uuid:pk>/close/", manage.close, name="close"),
    path("manage/<uuid:pk>/cancel/", manage.cancel, name="cancel"),
    path("fits/", fits.visitor, name="fits"),
    path("fits/mine/", fits.mine, name="fits-mine"),
    path("fits/mine/wish/", fits.wish_mine, name="wish-mine"),
    path("fits/<uuid:pk>/", fits.of_person, name="fits-of"),
    path("fits/<uuid:pk>/wish/", fits.wish_of, name="wish-of"),
    path("<uuid:pk>/", public.opened, name="open"),
    path("<uuid:pk>/pledge/", sharing.pledge, name="pledge"),
    path("<uuid:pk>/calendar.ics", public.calendar_file, name="ics"),
]
