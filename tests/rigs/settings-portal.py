#!/usr/bin/python3
"""usage, inside a rig: settings-portal.py light|dark|none   the settings portal of a desktop, until it is killed.

Another answer, told to whoever listens: gdbus call --session -d org.freedesktop.portal.Desktop -o /org/freedesktop/portal/desktop
-m b24status.Rig.Become dark
"""
import sys

from gi.repository import Gio, GLib

SCHEMES = {"none": 0, "dark": 1, "light": 2}
APPEARANCE, KEY = "org.freedesktop.appearance", "color-scheme"
PATH, SETTINGS = "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"
INTERFACES = f"""<node><interface name="{SETTINGS}">
<method name="Read"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
<method name="ReadOne"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
<signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
<property name="version" type="u" access="read"/>
</interface><interface name="b24status.Rig"><method name="Become"><arg type="s" direction="in"/></method></interface></node>"""
scheme = sys.argv[1]


def value():
    return GLib.Variant("u", SCHEMES[scheme])


def called(bus, _sender, _path, _interface, method, parameters, invocation):
    global scheme
    words = parameters.unpack()
    if method == "Become":
        scheme = words[0]
        bus.emit_signal(None, PATH, SETTINGS, "SettingChanged", GLib.Variant("(ssv)", (APPEARANCE, KEY, value())))
        invocation.return_value(None)
    elif words != (APPEARANCE, KEY):
        invocation.return_dbus_error("org.freedesktop.portal.Error.NotFound", "Requested setting not found")
    else:
        answer = value() if method == "ReadOne" else GLib.Variant("v", value())
        invocation.return_value(GLib.Variant("(v)", (answer,)))


def appear(bus, _name):
    for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
        bus.register_object(PATH, interface, called, lambda *_: GLib.Variant("u", 2), None)


Gio.bus_own_name(Gio.BusType.SESSION, "org.freedesktop.portal.Desktop", 0, appear, None, None)
GLib.MainLoop().run()
