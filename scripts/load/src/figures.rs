//! Percentiles and the table.

use std::time::Duration;

/// What was measured, beside its target.
#[derive(Default)]
pub struct Table(Vec<(String, String, String)>);

impl Table {
    pub fn row(&mut self, what: &str, target: &str, measured: String) {
        eprintln!("  {what}: {measured}");
        self.0.push((what.into(), target.into(), measured));
    }

    pub fn print(&self) {
        println!("| What | Target | Measured |\n|---|---|---|");
        for (what, target, measured) in &self.0 {
            println!("| {what} | {target} | {measured} |");
        }
    }
}

/// The value below which `q` (0 to 1) of the samples lie, in milliseconds.
pub fn percentile(samples: &mut [Duration], q: f64) -> f64 {
    samples.sort_unstable();
    let at = ((samples.len() as f64 * q) as usize).min(samples.len().saturating_sub(1));
    samples.get(at).map_or(f64::NAN, |d| d.as_secs_f64() * 1000.0)
}

/// "p50 / p99 ms".
pub fn p50_p99(samples: &mut [Duration]) -> String {
    format!("{:.2} / {:.2} ms", percentile(samples, 0.5), percentile(samples, 0.99))
}
