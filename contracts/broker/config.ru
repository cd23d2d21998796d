# Everything that differs comes from the environment: PACT_BROKER_DATABASE_NAME, PACT_BROKER_BASIC_AUTH_… .
require 'sequel'
require 'pact_broker'

run(PactBroker::App.new { |config| config.log_stream = 'stdout' })
