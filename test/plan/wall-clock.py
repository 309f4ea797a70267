"""Writes wall-clock.json: when clocks of zones with odd transitions first show a time, by Python's zoneinfo (tzdata package).

    python3 -m venv v && v/bin/pip install tzdata==2025.2 && PYTHONTZPATH= v/bin/python test/plan/wall-clock.py
"""
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

ZONES = [
    "Europe/Berlin", "Europe/Dublin", "Europe/Lisbon", "Atlantic/Azores", "America/New_York", "America/St_Johns",
    "America/Havana", "America/Santiago", "America/Asuncion", "America/Sao_Paulo", "America/Scoresbysund",
    "Africa/Cairo", "Africa/Casablanca", "Africa/Juba", "Asia/Beirut", "Asia/Tehran", "Asia/Amman", "Asia/Gaza",
    "Asia/Kathmandu", "Asia/Pyongyang", "Asia/Almaty", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia",
    "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Norfolk",
]
HOUR = timedelta(hours=1)


def offset(zone, instant):
    return instant.astimezone(zone).utcoffset()


def transitions(zone, year_from, year_to):
    at = datetime(year_from, 1, 1, tzinfo=timezone.utc)
    end = datetime(year_to, 1, 1, tzinfo=timezone.utc)
    while at < end:
        following = at + 6 * HOUR
        if offset(zone, at) != offset(zone, following):
            low, high = at, following
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(zone, middle) == offset(zone, low) else (low, middle)
            yield high.replace(microsecond=0)
        at = following


def first_instant(zone, wall, change):
    first = wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
    shown = first.astimezone(zone).replace(tzinfo=None)
    return first if shown == wall else change


rows = []
for name in ZONES:
    zone = ZoneInfo(name)
    changes = list(transitions(zone, 2005, 2024))
    for change in changes[-2:] + [c for c in changes if c.year == 2011][-1:]:
        day = (change + offset(zone, change - HOUR)).replace(tzinfo=None, hour=0, minute=0, second=0)
        for minutes in (0, 75, 140, 210, 24 * 60):
            wall = day + timedelta(minutes=minutes)
            instant = first_instant(zone, wall, change)
            row = [name, wall.strftime("%Y-%m-%dT%H:%M"), instant.strftime("%Y-%m-%dT%H:%M:%SZ")]
            if row not in rows:
                rows.append(row)
lines = ",\n".join("  " + json.dumps(row) for row in rows)
Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")
