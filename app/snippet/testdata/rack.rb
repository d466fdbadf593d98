# Serves the Rack application in the file that is named, for the tests: rackup is
# no part of Ruby.
require "socket"
require "stringio"

$app = nil
def run(app)
  $app = app
end
load File.expand_path(ARGV[0])

def request(client)
  env = { "REQUEST_METHOD" => client.gets.split.first }
  until (line = client.gets.chomp).empty?
    name, value = line.split(":", 2)
    name = name.upcase.tr("-", "_")
    env[%w[CONTENT_LENGTH CONTENT_TYPE].include?(name) ? name : "HTTP_#{name}"] = value.strip
  end
  env.merge("rack.input" => StringIO.new(client.read(env["CONTENT_LENGTH"].to_i).to_s))
end

server = TCPServer.new("127.0.0.1", 0)
puts "Listening on http://127.0.0.1:#{server.addr[1]}"
$stdout.flush
loop do
  client = server.accept
  begin
    status, = $app.call(request(client))
  rescue StandardError => e
    warn e.full_message
    status = 500
  end
  client.write "HTTP/1.1 #{status} -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
  client.close
end
