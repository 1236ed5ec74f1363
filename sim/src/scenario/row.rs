//! The tests of the project that this one replaces, row by row: what there is to prove.

use std::fmt;
use std::str::FromStr;

/// One of the four groups of the seed's tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Both systems from end to end.
    EndToEnd,
    /// Generated inputs.
    Properties,
    /// Errors, timeouts, clocks.
    Recovery,
    /// Threads.
    Concurrency,
}

/// A row of the seed's tests, by group and number: `recovery 14`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// The group.
    pub group: Group,
    /// From 1, within the group.
    pub number: u8,
}

impl Row {
    /// The `number`-th row of the tests from end to end.
    #[must_use]
    pub const fn end_to_end(number: u8) -> Self {
        Self { group: Group::EndToEnd, number }
    }

    /// The `number`-th row of the properties.
    #[must_use]
    pub const fn properties(number: u8) -> Self {
        Self { group: Group::Properties, number }
    }

    /// The `number`-th row of the recovery tests.
    #[must_use]
    pub const fn recovery(number: u8) -> Self {
        Self { group: Group::Recovery, number }
    }

    /// The `number`-th row of the concurrency tests.
    #[must_use]
    pub const fn concurrency(number: u8) -> Self {
        Self { group: Group::Concurrency, number }
    }
}

impl Row {
    /// What is to prove it, for a row that nothing can prove yet.
    #[must_use]
    pub const fn plan(self) -> Option<&'static str> {
        match self {
            Self { group: Group::EndToEnd, number: 25 | 26 } => {
                Some("a profile of a scenario over virtual durations")
            }
            Self { group: Group::EndToEnd, number: 27 | 28 } => {
                Some("an audit of where documentation and code part")
            }
            _ => None,
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::EndToEnd => "end-to-end",
            Self::Properties => "properties",
            Self::Recovery => "recovery",
            Self::Concurrency => "concurrency",
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.group, self.number))
    }
}

/// The text names no row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{input}` is no row of the seed's tests: write a group and a number, such as `recovery 14`"
)]
pub struct RowError {
    /// What was given.
    pub input: String,
}

impl FromStr for Row {
    type Err = RowError;

    fn from_str(input: &str) -> Result<Self, RowError> {
        let found = SEED_ROWS.iter().find(|seed_row| seed_row.row.to_string() == input);
        found.map(|seed_row| seed_row.row).ok_or_else(|| RowError { input: input.to_owned() })
    }
}

/// A row and the name of the seed's test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedRow {
    /// The row.
    pub row: Row,
    /// The test's class and name in the seed.
    pub test: &'static str,
}

const fn row(group: Group, number: u8, test: &'static str) -> SeedRow {
    SeedRow { row: Row { group, number }, test }
}

/// All 73, in the seed's order.
pub const SEED_ROWS: &[SeedRow] = &[
    row(Group::EndToEnd, 1, "LLMCircuitBreakerBasics.initial_state_closed"),
    row(Group::EndToEnd, 2, "LLMCircuitBreakerBasics.successful_calls_stay_closed"),
    row(Group::EndToEnd, 3, "LLMCircuitBreakerBasics.failures_open_circuit"),
    row(Group::EndToEnd, 4, "LLMCircuitBreakerBasics.open_circuit_rejects_calls"),
    row(Group::EndToEnd, 5, "LLMCircuitBreakerBasics.half_open_recovery"),
    row(Group::EndToEnd, 6, "CircuitBreakerMetrics.metrics_track_success_failure_counts"),
    row(Group::EndToEnd, 7, "CircuitBreakerMetrics.metrics_track_latencies"),
    row(Group::EndToEnd, 8, "CircuitBreakerMetrics.reset_statistics"),
    row(Group::EndToEnd, 9, "CircuitBreakerDecorator.protected_decorator_wraps_function"),
    row(Group::EndToEnd, 10, "CircuitBreakerDecorator.protected_decorator_tracks_failures"),
    row(Group::EndToEnd, 11, "CircuitBreakerRegistry.get_circuit_breaker_singleton"),
    row(Group::EndToEnd, 12, "CircuitBreakerRegistry.different_names_different_instances"),
    row(Group::EndToEnd, 13, "CircuitBreakerThreadSafety.concurrent_calls_thread_safe"),
    row(Group::EndToEnd, 14, "StructuredLoggingBasics.get_logger_json_formatter"),
    row(Group::EndToEnd, 15, "StructuredLoggingBasics.json_log_output_format"),
    row(Group::EndToEnd, 16, "StructuredLoggingBasics.log_event_convenience"),
    row(Group::EndToEnd, 17, "LogContext.context_propagates_request_id"),
    row(Group::EndToEnd, 18, "LogContext.context_multiple_fields"),
    row(Group::EndToEnd, 19, "LogContext.nested_contexts_merge"),
    row(Group::EndToEnd, 20, "LogPerformance.log_performance_timing"),
    row(Group::EndToEnd, 21, "LogPerformance.log_performance_with_context"),
    row(Group::EndToEnd, 22, "LogParsing.parse_json_log_file"),
    row(Group::EndToEnd, 23, "LogParsing.filter_logs_by_field"),
    row(Group::EndToEnd, 24, "MCPToolLogging.log_mcp_tool_invocation"),
    row(Group::EndToEnd, 25, "ProfilingScript.profiling_script_exists"),
    row(Group::EndToEnd, 26, "ProfilingScript.profiling_script_has_main_functions"),
    row(Group::EndToEnd, 27, "DocsDriftAudit.audit_script_exists"),
    row(Group::EndToEnd, 28, "DocsDriftAudit.audit_produces_report"),
    row(Group::EndToEnd, 29, "Session83Integration.circuit_breaker_with_structured_logging"),
    row(Group::EndToEnd, 30, "Session83Integration.performance_logging_for_protected_calls"),
    row(Group::EndToEnd, 31, "Session83Regressions.circuit_breaker_doesnt_affect_normal_functions"),
    row(Group::EndToEnd, 32, "Session83Regressions.structured_logging_backwards_compatible"),
    row(Group::EndToEnd, 33, "Session83Regressions.log_context_thread_isolated"),
    row(Group::Properties, 1, "CircuitBreakerProperties.state_transitions_form_valid_dag"),
    row(Group::Properties, 2, "CircuitBreakerProperties.failure_count_monotonic_or_resets"),
    row(Group::Properties, 3, "CircuitBreakerProperties.latencies_always_non_negative"),
    row(Group::Properties, 4, "CircuitBreakerProperties.metrics_consistency"),
    row(
        Group::Properties,
        5,
        "StructuredLoggingProperties.context_fields_never_leak_between_threads",
    ),
    row(Group::Properties, 6, "StructuredLoggingProperties.json_output_always_parses"),
    row(Group::Properties, 7, "StructuredLoggingProperties.event_types_always_valid_enum_members"),
    row(Group::Properties, 8, "ErrorRecoveryProperties.circuit_breaker_always_eventually_recovers"),
    row(
        Group::Properties,
        9,
        "ConcurrentSafetyProperties.circuit_breaker_thread_safe_under_concurrent_load",
    ),
    row(Group::Properties, 10, "AdvancedProperties.empty_and_edge_case_sequences"),
    row(
        Group::Recovery,
        1,
        "CircuitBreakerErrorRecovery.circuit_breaker_recovers_from_single_transient_error",
    ),
    row(
        Group::Recovery,
        2,
        "CircuitBreakerErrorRecovery.circuit_breaker_reaches_half_open_and_recovers",
    ),
    row(
        Group::Recovery,
        3,
        "CircuitBreakerErrorRecovery.circuit_breaker_reopens_on_failure_in_half_open",
    ),
    row(
        Group::Recovery,
        4,
        "CircuitBreakerErrorRecovery.circuit_breaker_handles_intermittent_errors",
    ),
    row(Group::Recovery, 5, "CircuitBreakerErrorRecovery.circuit_breaker_metrics_survive_recovery"),
    row(Group::Recovery, 6, "LoggingErrorRecovery.logging_survives_disk_full_scenario"),
    row(Group::Recovery, 7, "LoggingErrorRecovery.log_context_survives_exception_in_nested_scope"),
    row(
        Group::Recovery,
        8,
        "LoggingErrorRecovery.json_log_parsing_recovers_from_malformed_entries",
    ),
    row(Group::Recovery, 9, "LoggingErrorRecovery.logging_under_concurrent_file_access"),
    row(Group::Recovery, 10, "CascadingFailureRecovery.circuit_breaker_protects_against_cascade"),
    row(
        Group::Recovery,
        11,
        "CascadingFailureRecovery.logging_continues_despite_circuit_breaker_open",
    ),
    row(Group::Recovery, 12, "CascadingFailureRecovery.cascade_prevention_under_stress"),
    row(Group::Recovery, 13, "TimeoutAndClockHandling.circuit_breaker_timeout_respected"),
    row(Group::Recovery, 14, "TimeoutAndClockHandling.circuit_breaker_handles_clock_skew"),
    row(Group::Recovery, 15, "TimeoutAndClockHandling.timeout_consistency_under_variable_delays"),
    row(Group::Recovery, 16, "GracefulDegradation.logging_fallback_on_handler_failure"),
    row(Group::Recovery, 17, "GracefulDegradation.circuit_breaker_default_fallback"),
    row(Group::Recovery, 18, "GracefulDegradation.metrics_collection_under_degradation"),
    row(Group::Recovery, 19, "RecoveryMetrics.recovery_metrics_tracked_correctly"),
    row(Group::Recovery, 20, "RecoveryMetrics.success_rate_calculation_during_recovery"),
    row(
        Group::Concurrency,
        1,
        "CircuitBreakerConcurrentStress.circuit_breaker_100_threads_concurrent_calls",
    ),
    row(
        Group::Concurrency,
        2,
        "CircuitBreakerConcurrentStress.circuit_breaker_1000_threads_mixed_success_failure",
    ),
    row(
        Group::Concurrency,
        3,
        "CircuitBreakerConcurrentStress.circuit_breaker_rapid_state_transitions",
    ),
    row(
        Group::Concurrency,
        4,
        "CircuitBreakerConcurrentStress.circuit_breaker_metrics_accuracy_under_load",
    ),
    row(Group::Concurrency, 5, "LoggingConcurrentStress.logging_100_threads_concurrent_writes"),
    row(Group::Concurrency, 6, "LoggingConcurrentStress.logging_with_context_500_threads"),
    row(Group::Concurrency, 7, "LoggingConcurrentStress.logging_memory_under_load"),
    row(
        Group::Concurrency,
        8,
        "ConcurrentSafetyPatterns.concurrent_circuit_breaker_state_transitions",
    ),
    row(Group::Concurrency, 9, "ConcurrentSafetyPatterns.concurrent_logging_and_circuit_breaking"),
    row(Group::Concurrency, 10, "ConcurrentSafetyPatterns.rapid_lock_contention"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_reads_back_from_what_it_prints() {
        assert_eq!(SEED_ROWS.len(), 73);
        for seed_row in SEED_ROWS {
            assert_eq!(seed_row.row.to_string().parse(), Ok(seed_row.row));
        }
        assert!("recovery 21".parse::<Row>().is_err());
    }
}
