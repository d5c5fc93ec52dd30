#!/usr/bin/python3
"""usage, inside a rig with ACCESSIBILITY=on: accessible.py APPLICATION [WORD…]   what a screen reader finds in a program, and does to it.

The words are one order, without them each line of standard input is one (a list in JSON) and gets one line of answer:
  tree                      every node: path, role, name, description, states, bounds on the screen, depth, value
  wait ROLE NAME [SECONDS]  until such a node shows, and that node; "*" is any, "abc*" begins so, "*abc*" contains it, ROLE "entry|text" is either
  gone ROLE NAME [SECONDS]  until no such node shows
  has ROLE NAME STATE [SECONDS], lacks ROLE NAME STATE [SECONDS]   until it shows with that state, or without
  focused [SECONDS]         until one has the focus, and that one
  key KEYSYM                presses a key that moves the focus, and what has it then
  told [SECONDS]            until something is read out at once (an assertive live region), and that text; each only once
  press ROLE NAME           its default action
  focus ROLE NAME           gives it the focus
  set ROLE NAME NUMBER      the value of a slider or a spin box
An answer is {"ok": …} or {"error": "…"}. Nothing is kept from one look to the next; waiting goes on with each event of the bus, and looks
again now and then.
"""
import json
import os
import subprocess
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
ACCESSIBLE, COMPONENT, VALUE, TEXT = ("org.a11y.atspi." + name for name in ("Accessible", "Component", "Value", "Text"))
PATIENCE, LOOK_AGAIN, ASSERTIVE = 10.0, 0.25, 2


class Trouble(Exception):
    pass


class Reader:
    def __init__(self, application):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None).unpack()[0]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.application, self.stirred, self.moved_to, self.announced = application, False, None, []
        self.call(DESKTOP, "/org/a11y/atspi/registry", DESKTOP, "RegisterEvent", "(s)", "object:")
        self.bus.signal_subscribe(None, None, None, None, None, 0, self.stir)

    def stir(self, _bus, sender, path, interface, member, parameters):
        self.stirred = self.stirred or interface.startswith("org.a11y.atspi.Event") or interface == "org.a11y.atspi.Cache"
        if interface == "org.a11y.atspi.Event.Object":
            detail, number, _, about = parameters.unpack()[:4]
            if (detail, number) == ("focused", 1):
                self.moved_to = sender, path
            if (member, number) == ("Announcement", ASSERTIVE):
                self.announced.append(about)

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

    def toolkit(self, name, path):
        return self.call(name, path, "org.freedesktop.DBus.Properties", "Get", "(ss)", "org.a11y.atspi.Application", "ToolkitName")[0]

    def nodes(self):
        """All of them, from the top, without what has to be asked of each."""
        for name, path in self.applications():
            found = self.at_once(name) if self.toolkit(name, path) == "AccessKit" else None
            if found is None:
                found = (node for child in self.call(name, path, ACCESSIBLE, "GetChildren")[0] for node in self.one_by_one(*child, 0))
            yield from found

    def at_once(self, name):
        """AccessKit tells what is so now; the caches of others hold what somebody has asked for. None where one lost part spoils the list."""
        try:
            items = self.call(name, "/org/a11y/atspi/cache", "org.a11y.atspi.Cache", "GetItems")[0]
        except GLib.Error:
            return None
        below = {}
        for item in items:
            below.setdefault(item[2][1], []).append(item)

        def walk(parent, depth):
            for (_, path), _, _, _, _, interfaces, called, role, description, states in sorted(below.get(parent, []), key=lambda item: item[3]):
                yield node(name, path, depth, role, called, description, states, interfaces)
                yield from walk(path, depth + 1)

        return walk(ROOT, 0)

    def one_by_one(self, name, path, depth):
        if path == "/org/a11y/atspi/null":
            return
        try:
            found, children = self.node(name, path, depth), self.call(name, path, ACCESSIBLE, "GetChildren")[0]
        except GLib.Error as error:
            if "UnknownObject" in error.message:
                return
            raise
        yield found
        for child in children:
            yield from self.one_by_one(*child, depth + 1)

    def node(self, name, path, depth=0):
        about = self.properties(name, path, ACCESSIBLE)
        role, states, interfaces = (self.call(name, path, ACCESSIBLE, method)[0] for method in ("GetRole", "GetState", "GetInterfaces"))
        return node(name, path, depth, role, about.get("Name", ""), about.get("Description", ""), states, interfaces)

    def whole(self, node):
        """With what has to be asked of each. What is scrolled away is listed, and cannot be asked."""
        name, path, interfaces = node["bus"], node["path"], node.pop("interfaces")
        node["actions"] = "org.a11y.atspi.Action" in interfaces
        try:
            if COMPONENT in interfaces:
                node["bounds"] = list(self.call(name, path, COMPONENT, "GetExtents", "(u)", 0)[0])
            if VALUE in interfaces:
                node["value"] = self.properties(name, path, VALUE).get("CurrentValue")
            if TEXT in interfaces:
                node["text"] = self.call(name, path, TEXT, "GetText", "(ii)", 0, -1)[0]
        except GLib.Error as error:
            if "UnknownObject" not in error.message:
                raise
        return node

    def tree(self):
        return self.until("a moment without changes", PATIENCE, lambda: [self.whole(node) for node in self.nodes()])

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

    def found(self, what, seconds, condition):
        def find():
            found = next((node for node in self.nodes() if condition(node)), None)
            return found and self.whole(found)

        return self.until(what, seconds, find)

    def wait(self, role, name, seconds=PATIENCE):
        return self.found(f"{role} {name!r}", seconds, matching(role, name))

    def gone(self, role, name, seconds=PATIENCE):
        return self.until(f"{role} {name!r} to go", seconds, lambda: not any(map(matching(role, name), self.nodes())) or None)

    def has(self, role, name, state, seconds=PATIENCE):
        shows = matching(role, name)
        return self.found(f"{role} {name!r} with {state}", seconds, lambda node: shows(node) and state in node["states"])

    def lacks(self, role, name, state, seconds=PATIENCE):
        shows = matching(role, name)
        return self.found(f"{role} {name!r} without {state}", seconds, lambda node: shows(node) and state not in node["states"])

    def focused(self, seconds=PATIENCE):
        return self.found("something with the focus", seconds, lambda node: "focused" in node["states"])

    def key(self, keysym):
        while GLib.MainContext.default().iteration(False):
            pass
        self.moved_to = None
        subprocess.run([os.environ["RIGS"] + "/input.sh", "key", keysym], check=True)
        return self.until(f"the focus to move on {keysym}", PATIENCE, lambda: self.moved_to and self.whole(self.node(*self.moved_to)))

    def told(self, seconds=PATIENCE):
        self.until("something to be read out", seconds, lambda: self.announced or None)
        return self.announced.pop(0)

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


def node(name, path, depth, role, called, description, states, interfaces):
    bits = states[0] | states[1] << 32
    return {
        "bus": name,
        "path": path,
        "depth": depth,
        "role": ROLES[role],
        "name": called,
        "description": description,
        "states": [state for bit, state in enumerate(STATES) if bits >> bit & 1],
        "interfaces": interfaces,
    }


def matching(role, name):
    def matches(node):
        called = node["name"]
        begins, contains = name.endswith("*") and called.startswith(name[:-1]), name.startswith("*") and name.strip("*") in called
        return (name == called or begins or contains) and (role == "*" or node["role"] in role.split("|")) and "showing" in node["states"]

    return matches


ORDERS = ("tree", "wait", "gone", "has", "lacks", "focused", "key", "told", "press", "focus", "set")


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
