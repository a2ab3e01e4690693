"""What the site needs besides its settings: pages and links that do here, on GitHub and in Terraform's registry.

MkDocs calls these functions while it builds. README is the first page, though it is not in `docs/`; links to files
of the repository that are no pages lead to the repository; entries of the navigation may have a star.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from markdown import Markdown
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

__all__ = ["navigation", "on_config", "on_files", "on_page_markdown", "repository_link"]

ROOT: Final = Path(__file__).resolve().parent.parent.parent
README: Final = "README.md"
PROVIDER: Final = "index.md"

_log = get_plugin_logger("site")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the repository's address from pyproject.toml, and have links to its files rewritten."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    config.repo_url = project["urls"]["Repository"]
    config.repo_name = project["name"]
    config.edit_uri = None
    config.markdown_extensions.append(_RepositoryLinks(config.repo_url))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Make README the first page, and the provider's page the first one of the reference."""
    provider = files.get_file_from_path(PROVIDER)
    if provider is None:
        msg = "there is no docs/index.md; run scripts/generate_reference.py"
        raise PluginError(msg)
    provider.dest_uri = "reference/index.html"
    readme = File.generated(
        config, README, abs_src_path=str(ROOT / README), inclusion=InclusionLevel.INCLUDED
    )
    files.append(readme)
    pages = [file.src_uri for file in files.documentation_pages()]
    config.nav = navigation(config.nav or [], pages)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Note which page is read, for the links in it; what is looked for is most often a resource."""
    if page.file.src_uri.startswith("resources/"):
        page.meta["search"] = {"boost": 4}
    for extension in config.markdown_extensions:
        if isinstance(extension, _RepositoryLinks):
            extension.page = page.file.src_uri
            extension.pages = {file.src_uri for file in files.documentation_pages()}
    return markdown


def navigation(entries: list[Any], pages: list[str]) -> list[Any]:
    """Put pages where entries have a star: those that it names and no entry without a star does.

    A page is in the first place that names it. In the folders of the reference, where a page is called after its
    object, that is its title.
    """
    named = set(_plain_entries(entries))
    return _filled(entries, sorted(page for page in pages if page not in named), set())


def repository_link(page: str, target: str, pages: set[str]) -> str | None:
    """Where a link in a page leads if that is a file or folder of the repository but no page; None for other links.

    `page` is a path in `docs/`, or README.md. The answer is a path in the repository, perhaps with a fragment.
    Raises FileNotFoundError where there is nothing.
    """
    if _ADDRESS.match(target):
        return None
    folder = "" if page == README else posixpath.join("docs", posixpath.dirname(page))
    parts = urlsplit(target)
    path = posixpath.normpath(posixpath.join(folder, parts.path))
    if path == README or (path.startswith("docs/") and _page_of(path, pages)):
        return None
    if not (ROOT / path).exists():
        raise FileNotFoundError(path)
    return path + (f"#{parts.fragment}" if parts.fragment else "")


def _page_of(path: str, pages: set[str]) -> str | None:
    """The page that a path in the repository is, or the first one of a folder."""
    inside = posixpath.relpath(path, "docs")
    for name in (inside, posixpath.join(inside, README)):
        if name in pages:
            return name
    return None


class _RepositoryLinks(Extension):  # type: ignore[misc] # Markdown has no type information
    """Rewrites links to files of the repository, and those of README to pages."""

    def __init__(self, repository: str) -> None:
        super().__init__()
        self.repository = repository
        self.page = ""
        self.pages: set[str] = set()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Come after links are found, and before MkDocs looks where they lead."""
        md.treeprocessors.register(_Links(md, self), "repository-links", 10)


class _Links(Treeprocessor):  # type: ignore[misc] # Markdown has no type information
    def __init__(self, md: Markdown, site: _RepositoryLinks) -> None:
        super().__init__(md)
        self.site = site

    def run(self, root: Element) -> None:
        """Look at every link of a page."""
        for link in root.iter("a"):
            target = link.get("href", "")
            link.set("href", self._target(target))
        for image in root.iter("img"):
            image.set("src", self._inside(image.get("src", "")))

    def _target(self, target: str) -> str:
        page, pages = self.site.page, self.site.pages
        try:
            path = repository_link(page, target, pages)
        except FileNotFoundError as error:
            _log.warning("%s links to %s, and there is no %s", page, target, error)
            return target
        if path is None:
            return self._inside(target)
        kind = "tree" if (ROOT / path.partition("#")[0]).is_dir() else "blob"
        return f"{self.site.repository}/{kind}/main/{path}"

    def _inside(self, target: str) -> str:
        """A link between pages as MkDocs has it: it takes README for a page of `docs/`, and folders for nothing."""
        page, pages = self.site.page, self.site.pages
        if _ADDRESS.match(target):
            return target
        parts = urlsplit(target)
        folder = "" if page == README else posixpath.join("docs", posixpath.dirname(page))
        path = posixpath.normpath(posixpath.join(folder, parts.path))
        found = README if path == README else _page_of(path, pages)
        inside = found or posixpath.relpath(path, "docs")
        link = posixpath.relpath(inside, posixpath.dirname(page) or ".")
        return link + (f"#{parts.fragment}" if parts.fragment else "")


def _plain_entries(entries: list[Any]) -> list[str]:
    found: list[str] = []
    for entry in entries:
        value = next(iter(entry.values())) if isinstance(entry, dict) else entry
        found += _plain_entries(value) if isinstance(value, list) else [] if "*" in value else [value]
    return found


def _filled(entries: list[Any], pages: list[str], taken: set[str]) -> list[Any]:
    filled: list[Any] = []
    for entry in entries:
        if isinstance(entry, dict):
            (title, value), *_ = entry.items()
            filled.append({title: _filled(value, pages, taken) if isinstance(value, list) else value})
        elif "*" in entry:
            found = [page for page in pages if page not in taken and fnmatch.fnmatch(page, entry)]
            found = [page for page in found if posixpath.dirname(page) == posixpath.dirname(entry)]
            taken.update(found)
            filled += found
        else:
            filled.append(entry)
    return filled
