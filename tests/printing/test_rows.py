"""What a session shows of an object: a line, or a row of a table, for each thing that it has."""

from sympy_matcalc.printing.rows import as_html, as_text


def test_the_texts_stand_under_one_another():
    assert as_text("Thing", [("shape", "2 x 3"), ("x", 5)]) == "Thing\n  shape:      2 x 3\n  x:          5"
    assert as_text("Thing", [("a rather long name", "1"), ("x", 5)]) == "Thing\n  a rather long name: 1\n  x:                  5"
    assert as_text("Thing", []) == "Thing"


def test_a_table_has_its_names_quoted_and_its_cells_as_they_are():
    html = as_html("A<B", [("a<b", "<em>1</em>")])
    assert html.startswith("<p><strong>A&lt;B</strong></p><table><tr>") and ">a&lt;b</th>" in html and "><em>1</em></td>" in html
