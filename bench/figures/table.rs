//! Tables as they are printed, which is how documents show them.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

/// Prints the head of a table: the first column holds names, the others numbers.
pub fn head(cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    let numbers = "---:|".repeat(cells.len() - 1);
    row(cells);
    println!("|---|{numbers}");
}

/// Prints a row.
pub fn row(cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    println!("| {} |", cells.join(" | "));
}

/// Prints what stands above a table.
pub fn title(text: &str) {
    println!("\n{text}\n");
}
