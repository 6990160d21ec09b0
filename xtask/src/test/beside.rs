//! What is built beside cargo's checks and tests: the page with its engines, which are linked and made small on one processor for the
//! most part.

use anyhow::{Context, Result};
use std::process::{Child, Stdio};

use crate::process::command;

/// A build that is under way.
pub struct Build(Child);

/// Begins to build dist/. What it says is not shown: the step that builds afterwards says all of it again, and finds the engines done.
pub fn build(dev: bool) -> Result<Build> {
    let tool = std::env::current_exe().context("could not find this program's own file")?;
    let child = command(tool)
        .arg("build")
        .args(dev.then_some("--dev"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("could not begin the build")?;
    Ok(Build(child))
}

impl Build {
    /// Waits until it has ended. Whether it has failed is seen by whoever builds again.
    pub fn wait(mut self) -> Result<()> {
        self.0.wait().context("the build could not be waited for")?;
        Ok(())
    }
}
