//! Records from a file: a sheet of rows is read whatever its characters and separators, its columns are matched to the fields of
//! a kind, each row is checked, and the rows are brought in through the door in groups.
//!
//! Everything that is wrong is told at once, by line and column, and never with the value. What is read is personal data: it is
//! wiped when dropped, printed nowhere, and kept by nobody but the records that come of it. Not here: pages, and any decision.

mod columns;
mod rows;
mod run;
mod sheet;
mod text;

pub use columns::{Columns, ColumnsNo, Mapping};
pub use rows::{Checked, CheckedRow, RowFault, RowProblem, check};
pub use run::{Bring, Choose, Failed, Outcome, Progress, Running, Why, run};
pub use sheet::{MAX_CELLS, MAX_ROWS, Row, Sheet, SheetNo};
pub use text::{Encoding, MAX_BYTES, Text, TextNo};
