import Platform

/// placeholder
