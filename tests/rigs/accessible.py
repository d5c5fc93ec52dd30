#!/usr/bin/python3
"""usage, inside a rig with ACCESSIBILITY=on: accessible.py APPLICATION [WORD…]   what a screen reader finds in a program, and does to it.

The words are one order, without them each line of standard input is one (a list in JSON) and gets one line of answer:
  tree                      every node: path, role, name, description, states, bounds on the screen, depth, value
  wait ROLE NAME [SECONDS]  until such a node shows, and that node; NAME "*" is any, "abc*" begins so
  gone ROLE NAME [SECONDS]  until no such node shows
  has ROLE NAME STATE [SECONDS], lacks ROLE NAME STATE [SECONDS]   until it shows with that state, or without
  focused [SECONDS]         until one has the focus, and that one
  press ROLE NAME           its default action
  focus ROLE NAME           gives it the focus
  set ROLE NAME NUMBER      the value of a slider or a spin box
An answer is {"ok": …} or {"error": "…"}. Nothing is cached; waiting goes on with each event of the bus, and looks again now and then.
"""
import json
import sys
import time

from gi.repository import Gio, GLib

STATES = """invalid active armed busy checked collapsed defunct editable enabled expandable expanded focusable focused has-tooltip horizontal
iconified modal multi-line multiselectable opaque pressed resizable selectable selected sensitive showing single-line stale transient
vertical visible manages-descendants indeterminate required truncated animated invalid-entry supports-autocompletion selectable-text
is-default visited checkable has-popup read-only""".split()
ROLES = """invalid accelerator-label alert animation arrow calendar canvas check-box check-menu-item color-chooser column-header combo-box
date-editor desktop-icon desktop-frame dial dialog directory-pane drawing-area file-chooser filler focus-traversable font-chooser frame
glass-pane html-container icon image internal-frame label layered-pane list list-item menu menu-bar menu-item option-pane page-tab
page-tab-list panel password-text popup-menu progress-bar button radio-button radio-menu-item root-pane row-header scroll-bar scroll-pane
separator slider spin-button split-pane status-bar table table-cell table-column-header table-row-header tearoff-menu-item terminal text
toggle-button tool-bar tool-tip tree tree-table unknown viewport window extended header footer paragraph ruler application autocomplete
editbar embedded entry chart caption document-frame heading page section redundant-object form link input-method-window table-row
tree-item document-spreadsheet document-presentation document-text document-web document-email comment list-box grouping image-map
notification info-bar level-bar title-bar block-quote audio video definition article landmark log marquee math rating timer static
math-fraction math-root subscript superscript description-list description-term description-value footnote content-deletion
content-insertion mark suggestion""".split()
ROOT, DESKTOP = "/org/a11y/atspi/accessible/root", "org.a11y.atspi.Registry"
ACCESSIBLE, COMPONENT, VALUE = ("org.a11y.atspi." + name for name in ("Accessible", "Component", "Value"))
PATIENCE, LOOK_AGAIN = 10.0, 0.25


class Trouble(Exception):
    pass


class Reader:
    def __init__(self, application):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None).unpack()[0]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.application, self.stirred = application, False
        self.call(DESKTOP, "/org/a11y/atspi/registry", DESKTOP, "RegisterEvent", "(s)", "object:")
        self.bus.signal_subscribe(None, None, None, None, None, 0, self.stir)

    def stir(self, _bus, _sender, _path, interface, *_rest):
        self.stirred = self.stirred or interface.startswith("org.a11y.atspi.Event") or interface == "org.a11y.atspi.Cache"

    def call(self, name, path, interface, method, signature=None, *arguments):
        parameters = GLib.Variant(signature, arguments) if signature else None
        return self.bus.call_sync(name, path, interface, method, parameters, None, 0, 5000, None).unpack()

    def applications(self):
        for name, path in self.call(DESKTOP, ROOT, ACCESSIBLE, "GetChildren")[0]:
            try:
                if self.properties(name, path, ACCESSIBLE)["Name"] == self.application:
                    yield name, path
            except GLib.Error:
                continue  # it ended just now

    def properties(self, name, path, interface):
        return self.call(name, path, "org.freedesktop.DBus.Properties", "GetAll", "(s)", interface)[0]

    def node(self, name, path, depth):
        about = self.properties(name, path, ACCESSIBLE)
        low, high = self.call(name, path, ACCESSIBLE, "GetState")[0]
        bits = low | high << 32
        node = {
            "bus": name,
            "path": path,
            "depth": depth,
            "role": ROLES[self.call(name, path, ACCESSIBLE, "GetRole")[0]],
            "name": about.get("Name", ""),
            "description": about.get("Description", ""),
            "id": about.get("AccessibleId", ""),
            "states": [state for bit, state in enumerate(STATES) if bits >> bit & 1],
        }
        interfaces = self.call(name, path, ACCESSIBLE, "GetInterfaces")[0]
        node["actions"] = "org.a11y.atspi.Action" in interfaces
        if COMPONENT in interfaces:
            node["bounds"] = list(self.call(name, path, COMPONENT, "GetExtents", "(u)", 0)[0])
        if VALUE in interfaces:
            about = self.properties(name, path, VALUE)
            node["value"] = about.get("CurrentValue")
        if "org.a11y.atspi.Text" in interfaces:
            node["text"] = self.call(name, path, "org.a11y.atspi.Text", "GetText", "(ii)", 0, -1)[0]
        return node

    def below(self, name, path, depth):
        yield self.node(name, path, depth)
        for child_name, child_path in self.call(name, path, ACCESSIBLE, "GetChildren")[0]:
            if child_path != "/org/a11y/atspi/null":
                yield from self.below(child_name, child_path, depth + 1)

    def nodes(self):
        for name, path in self.applications():
            for child_name, child_path in self.call(name, path, ACCESSIBLE, "GetChildren")[0]:
                yield from self.below(child_name, child_path, 0)

    def tree(self):
        return list(self.nodes())

    def until(self, what, seconds, find):
        """The first answer of `find` that is something; nodes may vanish while they are read."""
        end = time.monotonic() + float(seconds)
        while True:
            self.stirred = False
            try:
                found = find()
                if found is not None:
                    return found
            except GLib.Error as error:
                if time.monotonic() > end:
                    raise Trouble(str(error))
            if time.monotonic() > end:
                raise Trouble(f"waited in vain for {what}; there is:\n{self.outline()}")
            again = min(end, time.monotonic() + LOOK_AGAIN)
            timer = GLib.timeout_add(int(LOOK_AGAIN * 1000), lambda: True)
            while not self.stirred and time.monotonic() < again:
                GLib.MainContext.default().iteration(True)
            GLib.source_remove(timer)

    def outline(self):
        try:
            shown = [node for node in self.nodes() if "showing" in node["states"]]
        except GLib.Error as error:
            return f"nothing that can be read: {error}"
        return "\n".join("  " * node["depth"] + f"{node['role']} {node['name']!r} {' '.join(node['states'])}" for node in shown)

    def matching(self, role, name):
        def called(text):
            return name == "*" or text == name or (name.endswith("*") and text.startswith(name[:-1]))

        return (node for node in self.nodes() if role in ("*", node["role"]) and called(node["name"]) and "showing" in node["states"])

    def wait(self, role, name, seconds=PATIENCE):
        return self.until(f"{role} {name!r}", seconds, lambda: next(self.matching(role, name), None))

    def gone(self, role, name, seconds=PATIENCE):
        return self.until(f"{role} {name!r} to go", seconds, lambda: None if next(self.matching(role, name), None) else True)

    def has(self, role, name, state, seconds=PATIENCE):
        def find():
            return next((node for node in self.matching(role, name) if state in node["states"]), None)

        return self.until(f"{role} {name!r} with {state}", seconds, find)

    def lacks(self, role, name, state, seconds=PATIENCE):
        def find():
            return next((node for node in self.matching(role, name) if state not in node["states"]), None)

        return self.until(f"{role} {name!r} without {state}", seconds, find)

    def focused(self, seconds=PATIENCE):
        def find():
            return next((node for node in self.nodes() if "focused" in node["states"]), None)

        return self.until("something with the focus", seconds, find)

    def press(self, role, name):
        node = self.wait(role, name)
        if not node["actions"]:
            raise Trouble(f"{role} {name!r} has no action")
        return self.call(node["bus"], node["path"], "org.a11y.atspi.Action", "DoAction", "(i)", 0)[0]

    def focus(self, role, name):
        node = self.wait(role, name)
        return self.call(node["bus"], node["path"], COMPONENT, "GrabFocus")[0]

    def set(self, role, name, number):
        node = self.wait(role, name)
        value = GLib.Variant("d", float(number))
        self.call(node["bus"], node["path"], "org.freedesktop.DBus.Properties", "Set", "(ssv)", VALUE, "CurrentValue", value)
        return True


ORDERS = ("tree", "wait", "gone", "has", "lacks", "focused", "press", "focus", "set")


def answer(reader, words):
    try:
        if not words or words[0] not in ORDERS:
            raise Trouble(f"no order: {words}")
        return {"ok": getattr(reader, words[0])(*words[1:])}
    except (Trouble, GLib.Error, TypeError) as trouble:
        return {"error": str(trouble)}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    reader = Reader(sys.argv[1])
    if len(sys.argv) > 2:
        said = answer(reader, sys.argv[2:])
        print(said.get("error") or json.dumps(said["ok"], ensure_ascii=False, indent=1))
        sys.exit("error" in said)
    for line in sys.stdin:
        print(json.dumps(answer(reader, json.loads(line)), ensure_ascii=False), flush=True)


main()
