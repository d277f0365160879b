"""A folder of Jekyll posts as the seed's cron script wrote them, with all its traps, in invented texts."""

from newscrawl.demo.posts.collect import ExpectedPost
from newscrawl.demo.posts.write import Posts, write_posts, write_versions

__all__ = ["ExpectedPost", "Posts", "write_posts", "write_versions"]
