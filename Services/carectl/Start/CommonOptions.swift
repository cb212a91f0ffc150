import ArgumentParser

/// What every command can be told, before or after its name.
struct CommonOptions: ParsableArguments {
    @Option(help: "Configuration file; otherwise GUANHUAI_CONFIG, otherwise ./.guanhuai/guanhuai.yaml.")
    var config: String?

    @Option(help: "Language of messages: zh-Hans or en.")
    var lang: String?

    @Option(help: "Whose key in the key folder to speak with; otherwise GUANHUAI_KEY, otherwise carectl.")
    var key: String?

    @Flag(help: "Say nothing about progress; what is waited for is said.")
    var quiet = false
}
