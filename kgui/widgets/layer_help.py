"""Help on one kind of layer: what it does and what each option means, from the catalogue."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from kgui.compiler.node_types import NodeType, Option
from kgui.language import tr
from kgui.widgets.canvas.looks import value_text

SIZE = (520, 480)


class LayerHelp(QDialog):
    """A page to read; another layer's page takes its place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layer_help")
        self.resize(*SIZE)
        self.page = QTextBrowser()
        self.page.setObjectName("layer_help.page")
        self.page.document().setDocumentMargin(12)
        self.page.setAccessibleName(tr("Help on the layer"))
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self.page)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def show_type(self, node_type: NodeType) -> None:
        """Show the page of a kind of layer."""
        self.setWindowTitle(tr("Help on {layer}").format(layer=node_type.name))
        self.page.setHtml(page_of(node_type))
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus()


def page_of(node_type: NodeType) -> str:
    """The page as HTML; texts of layers are escaped, never markup."""
    parts = [f"<h2>{escape(node_type.name)}</h2>", f"<p>{escape(node_type.summary)}</p>"]
    if node_type.options:
        parts.append(f"<h3>{escape(tr('Options'))}</h3>")
    parts += [_paragraph(option) for option in node_type.options]
    return "".join(parts)


def _paragraph(option: Option) -> str:
    facts = ", ".join(_facts(option))
    return f"<p><b>{escape(option.label)}</b> <i>{escape(facts)}</i><br>{escape(option.help)}</p>"


def _facts(option: Option) -> list[str]:
    facts = [tr("required")] if option.required else []
    if not option.required and option.default is not None:
        facts.append(tr("default {value}").format(value=value_text(option.default)))
    if option.minimum is not None:
        least = tr("more than {value}") if option.exclusive else tr("at least {value}")
        facts.append(least.format(value=value_text(option.minimum)))
    if option.maximum is not None:
        most = tr("less than {value}") if option.exclusive else tr("at most {value}")
        facts.append(most.format(value=value_text(option.maximum)))
    return facts
