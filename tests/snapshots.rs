//! Is every reviewed log still what its pinned seed gives?

retrip_sim::snapshot_tests! {
    retrip::catalogue();
    wall_clock_back_while_open,
    wall_clock_forward_while_open,
}
