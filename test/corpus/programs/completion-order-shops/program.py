"""Prices of articles from slow shops."""
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

ARTICLES = [{"name": "lamp", "wait": 0.2}, {"name": "chair", "wait": 0.1}, {"name": "rug", "wait": 0.05}]

def ask(article):
    time.sleep(article["wait"])
    return len(article["name"])

with ThreadPoolExecutor() as pool:
    futures = [pool.submit(ask, article) for article in ARTICLES]
    prices = [future.result() for future in as_completed(futures)]
for i, price in enumerate(prices):
    ARTICLES[i]["price"] = price
print(ARTICLES)
