//! That a project's own word on its size can be relied on.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tests::project::{connection, in_memory};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What glibc's allocator adds to each allocation, on average: its header and the rounding.
const OVERHEAD: usize = 16;

/// What is allocated now, in bytes.
fn allocated() -> usize {
    let stats = ALLOCATOR.stats();
    let count = stats.allocations - stats.deallocations;
    stats.bytes_allocated - stats.bytes_deallocated + count * OVERHEAD
}

#[test]
fn the_size_that_a_project_tells_is_what_it_takes_within_a_tenth() {
    let file = connection();
    // Whatever is made once, at the first use.
    drop(in_memory(&file, "2021-09-01T00:00:00Z"));
    let before = allocated();
    let project = in_memory(&file, "2021-09-01T00:00:00Z");
    let taken = allocated() - before;
    let estimate = project.bytes();
    println!("CONNECTION: tells {estimate}, takes {taken}");
    assert!(
        estimate.abs_diff(taken) * 10 <= taken,
        "tells {estimate}, takes {taken}"
    );
}
