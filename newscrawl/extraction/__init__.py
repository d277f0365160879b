"""Reading any page: what a rule or the page's embedded data found becomes one Article. Pure; no Scrapy."""
