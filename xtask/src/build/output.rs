//! Writes a folder so that in the end it holds what this build wrote and nothing older, touching only what changed.

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub struct Output {
    folder: PathBuf,
    written: BTreeSet<PathBuf>,
}

impl Output {
    pub fn new(folder: PathBuf) -> Output {
        Output { folder, written: BTreeSet::new() }
    }

    /// Writes one file, named by its path in the folder.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let file = self.folder.join(name);
        // An unchanged file keeps its time, so that browsers and editors see no change where there is none.
        if fs::read(&file).ok().as_deref() != Some(bytes) {
            let parent = file.parent().unwrap_or(&self.folder);
            fs::create_dir_all(parent).with_context(|| format!("could not make {}", parent.display()))?;
            fs::write(&file, bytes).with_context(|| format!("could not write {}", file.display()))?;
        }
        self.written.insert(file);
        Ok(())
    }

    /// What was written under a name.
    pub fn read(&self, name: &str) -> Result<Vec<u8>> {
        let file = self.folder.join(name);
        fs::read(&file).with_context(|| format!("could not read {}", file.display()))
    }

    /// Every file that the folder will hold, with its name in the folder, in order of name.
    pub fn contents(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut found = Vec::new();
        for file in &self.written {
            let inside = file.strip_prefix(&self.folder).context("a written file lies outside its folder")?;
            let name = inside.to_string_lossy().replace('\\', "/");
            let bytes = self.read(&name)?;
            found.push((name, bytes));
        }
        Ok(found)
    }

    /// Copies one file under a name in the folder.
    pub fn copy(&mut self, from: &Path, name: &str) -> Result<()> {
        let bytes = fs::read(from).with_context(|| format!("could not read {}", from.display()))?;
        self.write(name, &bytes)
    }

    /// Copies everything in a folder into this one's folder `name` (itself where the name is empty), hidden files left out.
    pub fn copy_tree(&mut self, from: &Path, name: &str) -> Result<()> {
        for file in files(from)? {
            let inside = file.strip_prefix(from).context("a listed file lies outside its folder")?;
            self.copy(&file, &Path::new(name).join(inside).to_string_lossy())?;
        }
        Ok(())
    }

    /// Leaves a part of the folder as an earlier build wrote it.
    pub fn keep(&mut self, name: &str) -> Result<()> {
        let part = self.folder.join(name);
        if part.is_dir() {
            self.written.extend(files(&part)?);
        }
        Ok(())
    }

    /// Removes what earlier builds wrote and this one did not.
    pub fn remove_the_rest(&self) -> Result<()> {
        for file in files(&self.folder)? {
            if !self.written.contains(&file) {
                fs::remove_file(&file).with_context(|| format!("could not remove {}", file.display()))?;
            }
        }
        Ok(())
    }
}

/// All files in a folder and in its folders, in order of name; hidden ones (`.gitkeep`) are left out.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("could not list {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("could not list {}", folder.display()))?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
