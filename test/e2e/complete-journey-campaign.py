"""What a campaign of Complete Journey brought by segment, counted order by order by pandas and plain Python.

    python3 -m venv venv && venv/bin/pip install pandas==2.3.3
    venv/bin/python complete-journey-campaign.py FOLDER_OF_THE_DATA SEGMENTS.csv

SEGMENTS.csv is view customer_segments of the run: customer_id, segment_key. The data has no cost of a contact: the half dollar is made up.
An order belongs to the campaign of the last touch (a mailing at the start of its campaign, or a redeemed coupon) at or before it, where that is less
than 14 days of 24 hours ago. Touches are at midnight in New York; of several at one instant the last campaign by its text counts.
"""

import sys
from bisect import bisect_right
from collections import defaultdict
from decimal import Decimal

import pandas as pd

folder, segments_file = sys.argv[1:]
CAMPAIGN, COST, ZONE = "18", Decimal("0.50"), "America/New_York"
END = pd.Timestamp("2018-01-01", tz=ZONE)
WINDOW = pd.Timedelta(days=14)

read = lambda name: pd.read_csv(f"{folder}/{name}.csv.gz", dtype=str)
midnight = lambda day: pd.Timestamp(day, tz=ZONE)
starts = {row.campaign_id: midnight(row.start_date) for row in read("campaign_descriptions").itertuples()}
segment_of = dict(pd.read_csv(segments_file, dtype=str)[["customer_id", "segment_key"]].itertuples(index=False))

touches = defaultdict(dict)  # household → instant → campaign
reached, answered = set(), set()
for row in read("campaigns").itertuples():
    at = starts[row.campaign_id]
    if row.household_id in segment_of and at < END:
        touches[row.household_id][at] = max(touches[row.household_id].get(at, ""), row.campaign_id)
        if row.campaign_id == CAMPAIGN:
            reached.add(row.household_id)
for row in read("coupon_redemptions").itertuples():
    at = midnight(row.redemption_date)
    if row.household_id in segment_of and at < END:
        touches[row.household_id][at] = max(touches[row.household_id].get(at, ""), row.campaign_id)
        if row.campaign_id == CAMPAIGN:
            answered.add(row.household_id)

orders = {}  # (household, basket) → its first line, and the sum of its lines
for row in read("transactions_sample").itertuples():
    at = pd.Timestamp(row.transaction_timestamp)
    if Decimal(row.quantity) > 0 and at < END:
        first, spent = orders.get((row.household_id, row.basket_id), (at, Decimal(0)))
        orders[row.household_id, row.basket_id] = (min(first, at), spent + Decimal(row.sales_value))

brought = defaultdict(Decimal)
for (household, _), (at, spent) in orders.items():
    instants = sorted(touches[household])
    last = bisect_right(instants, at) - 1
    if last >= 0 and touches[household][instants[last]] == CAMPAIGN and at - instants[last] < WINDOW:
        brought[household] += spent

for key in [None, *sorted(set(segment_of.values()))]:
    mine = [one for one in reached if key is None or segment_of[one] == key]
    cost, revenue = COST * len(mine), sum((brought[one] for one in mine), Decimal(0))
    print(key, len(mine), sum(one in answered for one in mine), cost, revenue, revenue / cost)
