extension HealthCheck {
    /// Whether the file of a credential holds one.
    package init(_ credential: LiveCredential) {
        self.init(credential.name) { credential.problem }
    }
}
